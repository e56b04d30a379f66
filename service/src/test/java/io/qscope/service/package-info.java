/** Each rule of OAuth that the services keep, on the in-memory and on the SQLite engine alike. */
@NullMarked
package io.qscope.service;

import org.jspecify.annotations.NullMarked;
