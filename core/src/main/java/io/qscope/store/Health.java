package io.qscope.store;

import java.time.Duration;

/**
 * That a storage answers.
 *
 * @param engine its engine and version, for people
 * @param schemaVersion the version of its schema; empty for an engine without one
 * @param latency how long the question took, waiting included
 */
public record Health(String engine, String schemaVersion, Duration latency) {}
