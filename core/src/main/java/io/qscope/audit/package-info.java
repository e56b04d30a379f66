/** The audit log as evidence: what its entries are called, how they are chained, and how a chain is verified. */
@NullMarked
package io.qscope.audit;

import org.jspecify.annotations.NullMarked;
