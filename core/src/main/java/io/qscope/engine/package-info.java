/** What every engine needs and none should write anew. */
@NullMarked
package io.qscope.engine;

import org.jspecify.annotations.NullMarked;
