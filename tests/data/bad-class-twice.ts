# expect: :9: @classLabel names the class "up" twice
@problemName Bad
@timeStamps false
@missing false
@univariate false
@dimensions 2
@equalLength true
@seriesLength 3
@classLabel true up up
@data
1,2,3:4,5,6:up
