internal import ArgumentParser
internal import Commands

Dropwatch.main()
