"""What would this image be if …?"""
