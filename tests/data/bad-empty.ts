# expect: :1: the file ends without @data; is it cut off?
