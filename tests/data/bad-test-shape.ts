# expect: : has 2 dimensions of 4 values; allowed: 2 dimensions of 3 values, as the training file
@problemName Bad
@timeStamps false
@missing false
@univariate false
@dimensions 2
@equalLength true
@seriesLength 4
@classLabel true up down
@data
1,2,3,4:4,5,6,7:up
