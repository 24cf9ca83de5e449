# expect: :10: the case has 2 dimensions; allowed: 1, as the header says
@problemName Bad
@timeStamps false
@missing false
@univariate true
@equalLength true
@seriesLength 3
@classLabel true up down
@data
1,2,3:4,5,6:up
1,2,3:4,5,6:up
