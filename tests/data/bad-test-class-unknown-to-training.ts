# expect: :11: class "left" has no training case; allowed: up
@problemName Bad
@timeStamps false
@missing false
@univariate false
@dimensions 2
@equalLength true
@seriesLength 3
@classLabel true up left
@data
1,2,3:4,5,6:left
