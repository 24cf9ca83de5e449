# expect: :6: @dimensions is "0"; allowed: a whole number from 1
@problemName Bad
@timeStamps false
@missing false
@univariate false
@dimensions 0
@equalLength true
@seriesLength 3
@classLabel true up down
@data
1,2,3:4,5,6:up
