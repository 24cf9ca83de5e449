# expect: :10: dimension 1 has 1 value; allowed: 3, as the first series has
@problemName Bad
@timeStamps false
@missing false
@univariate false
@dimensions 2
@classLabel true up down
@data
1,2,3:4,5,6:up
1:4:up
1,2,3:4,5,6:up
