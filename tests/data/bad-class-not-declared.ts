# expect: :11: class "sideways" is not declared; allowed: up, down
@problemName Bad
@timeStamps false
@missing false
@univariate false
@dimensions 2
@equalLength true
@seriesLength 3
@classLabel true up down
@data
1,2,3:4,5,6:sideways
1,2,3:4,5,6:up
