@NullMarked
package io.qscope.audit;

import org.jspecify.annotations.NullMarked;
