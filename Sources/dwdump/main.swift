internal import ArgumentParser
internal import Commands

Dwdump.main()
