internal import ArgumentParser
internal import Dwdump

Dwdump.main()
