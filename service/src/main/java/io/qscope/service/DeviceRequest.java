package io.qscope.service;

import java.time.Instant;
import java.util.Set;

/**
 * What a user is asked to approve (RFC 8628 §3.3).
 *
 * @param clientIdentifier who asks
 * @param scopes for what
 * @param expiresAt until when
 * @param authorizationId the family that would live
 */
public record DeviceRequest(String clientIdentifier, Set<String> scopes, Instant expiresAt, String authorizationId) {}
