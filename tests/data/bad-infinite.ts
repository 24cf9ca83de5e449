# expect: :11: "-inf" (dimension 2, value 3) is not a number that a float can hold; allowed: finite numbers
@problemName Bad
@timeStamps false
@missing false
@univariate false
@dimensions 2
@equalLength true
@seriesLength 3
@classLabel true up down
@data
1,2,3:4,5,-inf:up
1,2,3:4,5,6:up
