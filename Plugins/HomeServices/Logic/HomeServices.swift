/// Home services: work orders from the first call to the paid invoice.
public struct HomeServices: HomeServicesOperations {
    /// Has no state: everything is in the call.
    public init() {}
}
