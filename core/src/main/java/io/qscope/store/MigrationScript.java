package io.qscope.store;

/**
 * A step that brings a schema from one version to the next.
 *
 * @param version the schema's version after it
 * @param description what it brings, in a few words
 * @param sql its statements, as they would be run
 */
public record MigrationScript(String version, String description, String sql) {}
