print("thorbis")
