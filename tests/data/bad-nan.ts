# expect: :11: missing value "NaN" (dimension 2, value 1), but the header does not say @missing true; allowed: finite numbers
@problemName Bad
@timeStamps false
@missing false
@univariate false
@dimensions 2
@equalLength true
@seriesLength 3
@classLabel true up down
@data
1,2,3:NaN,5,6:up
1,2,3:4,5,6:up
