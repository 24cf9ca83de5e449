# expect: :10: "1,2,3:4,5,6:up" stands before @data; allowed: @ keys, # comments
@problemName Bad
@timeStamps false
@missing false
@univariate false
@dimensions 2
@equalLength true
@seriesLength 3
@classLabel true up down
1,2,3:4,5,6:up
@data
1,2,3:4,5,6:up
