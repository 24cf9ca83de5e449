# expect: :4: @missing is "maybe"; allowed: true, false
@problemName Bad
@timeStamps false
@missing maybe
@univariate false
@dimensions 2
@equalLength true
@seriesLength 3
@classLabel true up down
@data
1,2,3:4,5,6:up
