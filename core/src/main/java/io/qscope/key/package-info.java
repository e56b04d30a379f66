/**
 * Keys that are held outside the database, and what is made with them: digests of codes and tokens, the audit log's hashes,
 * stand-ins for people's names, and the encryption of values at rest.
 */
@NullMarked
package io.qscope.key;

import org.jspecify.annotations.NullMarked;
