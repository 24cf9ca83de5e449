# expect: :10: dimension 2 has no value, only missing ones; allowed: one value or more
@problemName Bad
@timeStamps false
@missing true
@univariate false
@dimensions 2
@equalLength true
@classLabel true up down
@data
1,2,3:?,?,NaN:up
