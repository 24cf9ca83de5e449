# expect: :9: no @classLabel stands before @data; allowed: @classLabel true NAME NAME ...
@problemName Bad
@timeStamps false
@missing false
@univariate false
@dimensions 2
@equalLength true
@seriesLength 3
@data
1,2,3:4,5,6:up
