# expect: :9: @classLabel names no class; allowed: true and the classes' names
@problemName Bad
@timeStamps false
@missing false
@univariate false
@dimensions 2
@equalLength true
@seriesLength 3
@classLabel true
@data
1,2,3:4,5,6:up
