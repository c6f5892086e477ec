/// The version of this program, as in CHANGELOG.md.
package let dropwatchVersion = "0.1.0"
