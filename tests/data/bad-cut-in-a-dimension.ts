# expect: :12: the case has 1 dimension and is the last: is the file cut off?; allowed: 2, as the header says
@problemName Bad
@timeStamps false
@missing false
@univariate false
@dimensions 2
@equalLength true
@seriesLength 3
@classLabel true up down
@data
1,2,3:4,5,6:up
1,2,3:4,5