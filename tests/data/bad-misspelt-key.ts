# expect: :8: header key "@seriesLenght" is unknown, do you mean @seriesLength?; allowed: @problemName, @timeStamps, @missing, @univariate, @dimensions, @equalLength, @seriesLength, @classLabel, @data
@problemName Bad
@timeStamps false
@missing false
@univariate false
@dimensions 2
@equalLength true
@seriesLenght 3
@classLabel true up down
@data
1,2,3:4,5,6:up
