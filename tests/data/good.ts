# The training part beside each bad-test-*.ts: no case of class down.
@problemName Bad
@timeStamps false
@missing false
@univariate false
@dimensions 2
@equalLength true
@seriesLength 3
@classLabel true up down
@data
1,2,3:4,5,6:up
-1.5,+2e-1,0:.5, 5 ,1e-60:up
