"""What holds for every module that is found. Nothing in here names one."""
