# expect: :11: dimension 2 has 2 values; allowed: 3, as @seriesLength says
@problemName Bad
@timeStamps false
@missing false
@univariate false
@dimensions 2
@equalLength true
@seriesLength 3
@classLabel true up down
@data
1,2,3:4,5:up
1,2,3:4,5,6:up
