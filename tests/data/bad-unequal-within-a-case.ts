# expect: :11: dimension 2 has 2 values; allowed: 3, as the case's first dimension has
@problemName Bad
@timeStamps false
@missing false
@univariate false
@dimensions 2
@equalLength false
@classLabel true up down
@data
1,2:4,5:up
1,2,3:4,5:up
