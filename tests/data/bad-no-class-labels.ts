# expect: :9: @classLabel is false: data without classes are not supported; allowed: true and the classes' names
@problemName Bad
@timeStamps false
@missing false
@univariate false
@dimensions 2
@equalLength true
@seriesLength 3
@classLabel false
@data
1,2,3:4,5,6:up
