extension Migration {
    /// Fields of businesses that only some roles see.
    static let v0022CustomVeils = Migration(
        id: 22, name: "CustomVeils",
        statements: [
            """
            ALTER TABLE custom.field ADD COLUMN visible_to_roles text[] NOT NULL DEFAULT '{}'
                CONSTRAINT field_visible_to_roles_check CHECK (cardinality(visible_to_roles) <= 20)
            """,
            "GRANT UPDATE (visible_to_roles) ON custom.field TO thorbis_app",
            // Each check of a credential asks for them; most businesses have none.
            "CREATE INDEX field_veiled ON custom.field (business_id) WHERE visible_to_roles <> '{}'",
        ])
}
