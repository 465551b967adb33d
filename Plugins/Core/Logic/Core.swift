/// The shared engines: parties and items need no code, invoices and payments do.
public struct Core: CoreOperations {
    /// Has no state: everything is in the call.
    public init() {}
}
