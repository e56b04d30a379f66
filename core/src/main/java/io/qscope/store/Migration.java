package io.qscope.store;

/**
 * What {@link Storage#migrate} did.
 *
 * @param from the schema's version before; empty for an empty database
 * @param to its version now
 * @param applied how many steps were taken; 0: it was up to date
 */
public record Migration(String from, String to, int applied) {}
