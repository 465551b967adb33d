import Glibc

/// Fault: starts a program with the host's rights.
func runProgram() -> Int32 {
    unsafe system("true")
}
