# expect: : has 4 values a series; allowed: 3, as the training file
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
