/// The version of this program, as in CHANGELOG.md.
let dropwatchVersion = "0.1.0"
