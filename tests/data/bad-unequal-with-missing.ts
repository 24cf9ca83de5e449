# expect: :10: missing value "?" (dimension 1, value 2), but the header does not say @missing true; allowed: finite numbers
@problemName Bad
@timeStamps false
@missing false
@univariate false
@dimensions 2
@equalLength false
@classLabel true up down
@data
1,?:4,5:up
