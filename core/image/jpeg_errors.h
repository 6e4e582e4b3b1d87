#pragma once

#include <csetjmp>
#include <cstdio>
#include <string>

#include <jerror.h>
#include <jpeglib.h>

namespace signet::image::codecs {

/// libjpeg's error manager: a fatal error jumps back to guarded(), so that no exception crosses C frames;
/// warnings are counted and the first one is kept.
struct JpegErrors {
    jpeg_error_mgr base;
    std::jmp_buf jump;
    int fatalCode = 0;
    char fatalMessage[JMSG_LENGTH_MAX] = {};
    char firstWarning[JMSG_LENGTH_MAX] = {};
    bool endsEarly = false;

    /// To be assigned to cinfo.err before the codec object is created.
    jpeg_error_mgr* install();
};

/// Runs step; false when libjpeg failed in it. step may own nothing with a destructor.
template <typename Step>
[[nodiscard]] __attribute__((noinline)) bool guarded(JpegErrors& errors, Step step) {
    if (setjmp(errors.jump) != 0) return false;
    step();
    return true;
}

/// The libjpeg failure in errors as signet::Error (Unsupported, TooLarge or Corrupt).
[[noreturn]] void throwJpegError(const JpegErrors& errors);

}  // namespace signet::image::codecs
