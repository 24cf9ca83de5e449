# expect: :12: class "do" is not declared; this is the last line: is the file cut off?; allowed: up, down
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
1,2,3:4,5,6:do