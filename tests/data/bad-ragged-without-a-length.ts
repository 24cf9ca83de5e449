# expect: :11: dimension 1 has 1 values: series of unequal lengths are not yet supported; allowed: 3, as the first series has
@problemName Bad
@timeStamps false
@missing false
@univariate false
@dimensions 2
@equalLength false
@classLabel true up down
@data
1,2,3:4,5,6:up
1:4:up
1,2,3:4,5,6:up
