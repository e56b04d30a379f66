/**
 * What OAuth 2.0 demands of what is stored, over any {@link io.qscope.store.Storage}: start at {@link
 * io.qscope.service.OAuthServices}.
 *
 * <p><b>What holds for every method that takes a {@link io.qscope.model.RayId}:</b>
 *
 * <ul>
 *   <li>It never blocks its caller and returns a fresh future, which completes where the storage's futures do.
 *   <li>A refusal is an answer: a {@link io.qscope.result.FailedResult} with the RFC's error code, or with one of {@link
 *       io.qscope.service.ServiceError}. Only a broken store fails the future, with a {@link
 *       io.qscope.store.StorageException}. Null arguments are {@link java.lang.NullPointerException}s at once.
 *   <li>What it changes and the entry that tells of it in the audit log are one unit of work; the exceptions say so.
 *   <li>The checks are made in this order: the client is authenticated; what was presented is looked up; another client's is
 *       {@code invalid_grant}, and nothing is changed (RFC 6749 §5.2); a replay; revoked or expired; redirect URI, PKCE, scope;
 *       only then is anything consumed, rotated or polled.
 *   <li>When an answer of the storage was lost, the call is repeated with the same attempt and the same rows, so that it
 *       happens once.
 *   <li>Secrets go in and out as text, are stored as digests, and are in no log, no {@code toString} and no exception.
 * </ul>
 */
@NullMarked
package io.qscope.service;

import org.jspecify.annotations.NullMarked;
