# expect: :11: "1e39" (dimension 1, value 1) is not a number that a float can hold; allowed: finite numbers
@problemName Bad
@timeStamps false
@missing false
@univariate false
@dimensions 2
@equalLength true
@seriesLength 3
@classLabel true up down
@data
1e39,2,3:4,5,6:up
1,2,3:4,5,6:up
