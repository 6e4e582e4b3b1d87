#include "core/image/jpeg_errors.h"

#include "core/base/error.h"

namespace signet::image::codecs {
namespace {

JpegErrors& errorsOf(j_common_ptr codec) {
    return *reinterpret_cast<JpegErrors*>(codec->err);
}

void onFatal(j_common_ptr codec) {
    JpegErrors& errors = errorsOf(codec);
    errors.fatalCode = errors.base.msg_code;
    errors.base.format_message(codec, errors.fatalMessage);
    std::longjmp(errors.jump, 1);
}

void onMessage(j_common_ptr codec, int level) {
    if (level >= 0) return;  // trace
    JpegErrors& errors = errorsOf(codec);
    if (errors.base.msg_code == JWRN_JPEG_EOF) errors.endsEarly = true;
    if (errors.base.num_warnings++ == 0) errors.base.format_message(codec, errors.firstWarning);
}

void printNothing(j_common_ptr) {}

}  // namespace

jpeg_error_mgr* JpegErrors::install() {
    jpeg_std_error(&base);
    base.error_exit = onFatal;
    base.emit_message = onMessage;
    base.output_message = printNothing;
    return &base;
}

void throwJpegError(const JpegErrors& errors) {
    const std::string message = errors.fatalMessage;
    switch (errors.fatalCode) {
        case JERR_SOF_UNSUPPORTED:
        case JERR_BAD_PRECISION:
        case JERR_ARITH_NOTIMPL:
        case JERR_COMPONENT_COUNT:
        case JERR_CONVERSION_NOTIMPL:
        case JERR_CCIR601_NOTIMPL:
        case JERR_FRACT_SAMPLE_NOTIMPL:
            throw Error(ErrorCode::Unsupported, "this JPEG variant is not read (" + message +
                                                    "); save it as an ordinary 8-bit JPEG or PNG");
        case JERR_OUT_OF_MEMORY:
        case JERR_NO_BACKING_STORE:
        case JERR_IMAGE_TOO_BIG:
        case JERR_WIDTH_OVERFLOW:
            throw Error(ErrorCode::TooLarge, "the JPEG needs more memory than is allowed (" + message + ")");
        default:
            throw Error(ErrorCode::Corrupt, "the JPEG data is damaged (" + message + ")");
    }
}

}  // namespace signet::image::codecs
