# expect: :3: @timeStamps is true: series with time stamps are not yet supported; allowed: false
@problemName Bad
@timeStamps true
@missing false
@univariate false
@dimensions 2
@equalLength true
@seriesLength 3
@classLabel true up down
@data
1,2,3:4,5,6:up
