@NullMarked
package io.qscope.app.audit;

import org.jspecify.annotations.NullMarked;
