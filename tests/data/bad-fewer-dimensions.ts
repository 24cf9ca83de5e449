# expect: :11: the case has 1 dimension; allowed: 2, as the header says
@problemName Bad
@timeStamps false
@missing false
@univariate false
@dimensions 2
@equalLength true
@seriesLength 3
@classLabel true up down
@data
1,2,3:up
1,2,3:4,5,6:up
